"""Apply, upload, audit: from a draft to a decision by a person. Machines give evidence here and decide nothing; what is sold is others'."""
