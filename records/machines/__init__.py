"""The machines that watch and work: when each was last heard of, and what it said about itself."""
