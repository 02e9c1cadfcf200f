"""Commands of the response: one verb each, keyword-only; lock, authorise, guard, write, record, return."""
