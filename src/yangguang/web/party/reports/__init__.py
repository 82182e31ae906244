"""Reports (报告): drafted from the records, every number a link to them, confirmed and issued by a person."""
