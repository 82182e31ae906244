"""发展党员步骤: the step table with its sources, and the way to correct a row of it."""
