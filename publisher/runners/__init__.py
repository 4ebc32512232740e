"""Runners: where flushes run. The delivery rows say what is due; a runner only wakes."""
