"""Records in and out (导入导出): templates, imports, exports and the tables of higher levels."""
