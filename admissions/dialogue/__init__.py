"""What Rasa loads by dotted path: the channel and the pipeline's components. The only part that imports rasa."""
