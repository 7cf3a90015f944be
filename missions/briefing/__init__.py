"""The briefing book of a mission: records gathered, worded once, set as PDF or as Word."""
