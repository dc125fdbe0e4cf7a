"""What people and programs see of a document: a tree, HTML, JSON, tables, TEI, Markdown."""
