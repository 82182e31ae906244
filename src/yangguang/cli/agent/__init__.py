"""投标助手 (`yangguang bid agent`): signs and opens for the pages with a key that never enters the browser."""
