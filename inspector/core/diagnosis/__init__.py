"""Why did a verification fail: the causes, most likely first, each with its proof and its remedy."""
