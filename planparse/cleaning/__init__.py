"""Cleaning (清洗): what the site added is removed, what scraping broke is mended; every edit names its rule."""
