//! Ourselves, as a peer would use us.
