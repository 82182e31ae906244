"""报告: drafting from an outline, each figure leading to its records, checks, confirming, issuing, the .docx."""
