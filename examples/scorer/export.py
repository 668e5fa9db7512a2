"""export.py MODEL.pkl WEIGHTS.txt: writes down what a program in any language can evaluate.

The model is one of ../reloading/train.py. The first line has both labels and the intercept; each
other line a word, its inverse document frequency and its weight.
"""

import sys

import joblib


def main(model_path, weights_path):
    vectorizer, classifier = (step for _, step in joblib.load(model_path).steps)
    words = vectorizer.get_feature_names_out()
    with open(weights_path, "w", encoding="utf-8") as file:
        print(*classifier.classes_, classifier.intercept_[0], file=file)
        for line in zip(words, vectorizer.idf_, classifier.coef_[0]):
            print(*line, file=file)
    print(f"{len(words)} words: {weights_path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
