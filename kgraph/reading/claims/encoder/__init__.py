"""The reader `encoder`: what a small pretrained network, taught by annotated texts, takes for claims."""
