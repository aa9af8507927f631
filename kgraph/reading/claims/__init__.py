"""Claims: how texts say them (frames, what was learned), by which words, and how sure. `evidence.find_claims` leads."""
