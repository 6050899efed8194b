"""Letters in the reader's language: worded, laid out as HTML and text, sent by a task. Who writes when is others' to say."""
