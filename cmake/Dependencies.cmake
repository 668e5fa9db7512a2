# Debian's packages. The program links them statically where it can, for its start time; the shared
# library links the shared ones, so that a process never holds two SQLites.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(CURL 7.87 REQUIRED)

find_library(ALGOCTL_SQLITE_STATIC libsqlite3.a)
find_library(ALGOCTL_CRYPTO_STATIC libcrypto.a)
find_library(ALGOCTL_YAML_STATIC libyaml.a)
find_library(ALGOCTL_EXPAT_STATIC libexpat.a)
find_library(ALGOCTL_YAML yaml REQUIRED)
find_path(ALGOCTL_YAML_INCLUDE yaml.h REQUIRED)
find_path(ALGOCTL_XXHASH_INCLUDE xxhash.h REQUIRED)  # nothing to link: all of it is in the header
option(ALGOCTL_STATIC_PROGRAM "Link the program's dependencies statically" ON)
if(ALGOCTL_SANITIZE OR NOT ALGOCTL_SQLITE_STATIC OR NOT ALGOCTL_CRYPTO_STATIC
   OR NOT ALGOCTL_YAML_STATIC OR NOT ALGOCTL_EXPAT_STATIC)
  set(ALGOCTL_STATIC_PROGRAM OFF)
endif()

# SQLiteCpp's exported target names the shared sqlite3; here only its archive and headers are wanted.
get_target_property(ALGOCTL_SQLITECPP_INCLUDE SQLiteCpp INTERFACE_INCLUDE_DIRECTORIES)
find_library(ALGOCTL_SQLITECPP_STATIC libSQLiteCpp.a REQUIRED)
