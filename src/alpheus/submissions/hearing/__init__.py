"""What auditors heard of what they decide: noted when they press play, measured by the key log, kept with the decision."""
