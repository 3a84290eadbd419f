"""The sample library: 57 machine learning papers, one JSON record a line, each abstract a summary in our own words."""
