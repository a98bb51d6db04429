"""Recommendations in the checkout service: one more route, and a model that was exported.

For lesson authors:

    model.model.export("folder", model.table)  # helpers.recommender: two towers, or EASE
    app = create_app()                         # the checkout service
    add_recommendations(app, Retriever.load("folder"))

or `python -m helpers.serving.recommend --model folder --port 8000`. The service does not know the
package that the model was trained with; the exported folder is all that passes between them.
"""

from .retriever import Retriever
from .routes import add_recommendations

__all__ = ["Retriever", "add_recommendations"]
