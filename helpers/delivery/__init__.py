"""How Corner gets code to its shops: the practice repository, its pipelines, images, releases."""
