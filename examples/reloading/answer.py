"""answer.py MODEL.pkl SENTENCE: what a caller does with the file it was given.

Prints the label that the model gives the sentence, and how sure it is.
"""

import sys

import joblib


def main(model_path, sentence):
    model = joblib.load(model_path)
    probabilities = dict(zip(model.classes_, model.predict_proba([sentence])[0]))
    label = max(probabilities, key=probabilities.get)
    print(f"{label} {probabilities[label]:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
