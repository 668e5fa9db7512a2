"""train.py MODEL.pkl REVIEWS.tsv...: trains a classifier of short reviews and saves it.

Each line of a reviews file is a label, a tab and a sentence. The same files give the same model.
"""

import sys

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def read_reviews(paths):
    labels, sentences = [], []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                label, sentence = line.rstrip("\n").split("\t")
                labels.append(label)
                sentences.append(sentence)
    return labels, sentences


def main(model_path, *review_paths):
    labels, sentences = read_reviews(review_paths)
    model = make_pipeline(
        TfidfVectorizer(), LogisticRegression(C=10, random_state=201901, max_iter=1000)
    )
    model.fit(sentences, labels)
    joblib.dump(model, model_path)
    print(f"trained on {len(sentences)} reviews: {model_path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
