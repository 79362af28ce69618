"""What the house costs, measured: each file here is one `./run bench NAME`; `stage/` is what they stand on."""
