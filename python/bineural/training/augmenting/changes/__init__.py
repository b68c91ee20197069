"""What can be done to training images; each file registers its changes, and loads no TensorFlow."""
