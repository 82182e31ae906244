"""党务工作 below /party/: registers, forms and records from the catalogue, and the month's view of them."""
