"""Yangguang 阳光交易: trades, witness and party work of a trading centre on one set of records."""
