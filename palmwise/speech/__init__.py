"""Speech synthesis and recognition, shared by the voice client and the server."""
