"""Linear models that nets of an objective are measured against, where no GLM of ours is one."""
