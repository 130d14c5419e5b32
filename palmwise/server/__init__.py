"""The Rasa input channel behind `/coach`: who may say what, how much and how often, and what comes back."""
