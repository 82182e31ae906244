"""The dictionary of metrics (指标字典), and one of them with its value."""
