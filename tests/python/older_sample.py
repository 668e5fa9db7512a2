# A scikit-learn algorithm as its author has it on the older platform: only its imports and the names
# in the reference are others.
import time

import joblib

import algoctl

client = algoctl.client()
reload_period = 3600 # 1 hour

def reload_model():
    global model, last_reload_time
    model_file = client.file('data://acme/sentiment/model.pkl').getFile().name
    model = joblib.load(model_file)
    last_reload_time = time.time()

def apply(input):
    if time.time() - last_reload_time > reload_period:
        reload_model()
    return int(model.predict(input))

reload_model()
