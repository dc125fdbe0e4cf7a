"""Structure: title and pieces (篇) of a page, and the numbered sections (编号段落) of each piece."""
