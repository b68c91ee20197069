"""Layers and other parts of nets that several families use; importing this folder loads nothing."""
