"""Training and evaluation: degradation synthesis, photos in memory, the trainer, the ruler.

What does not live here: networks (`nets`), the restoration of files (`engine`).
"""
