# Flags of our own targets; nothing here reaches whoever links the installed library.
add_library(algoctl_flags INTERFACE)
target_compile_options(algoctl_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-sign-conversion -Wnon-virtual-dtor $<$<BOOL:${ALGOCTL_WERROR}>:-Werror>)
# g++ 12 sees overlap where std::string is put together (GCC bug 105651).
target_compile_options(algoctl_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(ALGOCTL_SANITIZE)
  target_compile_options(algoctl_flags INTERFACE -fsanitize=${ALGOCTL_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(algoctl_flags INTERFACE -fsanitize=${ALGOCTL_SANITIZE})
  # Each check has its place in the source as data. At a fixed address a program's start does not
  # have to relocate all of it, which took longer than most commands.
  target_link_options(algoctl_flags INTERFACE
                      $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
endif()
if(ALGOCTL_FUZZ)
  target_compile_options(algoctl_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(ALGOCTL_COVERAGE)
  target_compile_options(algoctl_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(algoctl_flags INTERFACE --coverage)
endif()
