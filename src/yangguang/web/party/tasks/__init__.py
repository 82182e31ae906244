"""任务: the tree of plans, targets and tasks; a task closes by the record it points at."""
