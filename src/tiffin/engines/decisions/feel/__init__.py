"""FEEL, the expression language of DMN 1.5: read once into frozen trees, evaluated with bounds."""
