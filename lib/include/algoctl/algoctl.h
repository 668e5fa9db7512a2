#pragma once

/// Everything of the library in one include.
#include "algoctl/archive.h"
#include "algoctl/channel.h"
#include "algoctl/client.h"
#include "algoctl/digest.h"
#include "algoctl/error.h"
#include "algoctl/journal.h"
#include "algoctl/manifest.h"
#include "algoctl/name.h"
#include "algoctl/pin.h"
#include "algoctl/publish.h"
#include "algoctl/reference.h"
#include "algoctl/require.h"
#include "algoctl/resolve.h"
#include "algoctl/selector.h"
#include "algoctl/upload.h"
#include "algoctl/version.h"
