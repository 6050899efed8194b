"""An account's data to take along: gathered by a task into one file, for its owner alone, for a while."""
