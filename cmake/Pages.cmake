# What the built program says of itself, for its users: completion scripts, and man pages where
# help2man is there. Not where the program cannot be run here, or would be slow.
if(CMAKE_CROSSCOMPILING OR ALGOCTL_SANITIZE OR ALGOCTL_COVERAGE)
  return()
endif()

set(pages)
function(algoctl_completion shell destination name)
  set(script ${PROJECT_BINARY_DIR}/completion/algoctl.${shell})
  add_custom_command(OUTPUT ${script}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/completion
    COMMAND algoctl completion ${shell} > ${script}
    DEPENDS algoctl VERBATIM)
  install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/${destination} RENAME ${name})
  set(pages ${pages} ${script} PARENT_SCOPE)
endfunction()
algoctl_completion(bash bash-completion/completions algoctl)
algoctl_completion(zsh zsh/site-functions _algoctl)
algoctl_completion(fish fish/vendor_completions.d algoctl.fish)

find_program(ALGOCTL_HELP2MAN help2man)
if(ALGOCTL_HELP2MAN)
  set(folder ${PROJECT_BINARY_DIR}/man)
  set(script ${PROJECT_SOURCE_DIR}/tools/man-pages)
  add_custom_command(OUTPUT ${folder}/made
    COMMAND ${script} $<TARGET_FILE:algoctl> ${folder}
    COMMAND ${CMAKE_COMMAND} -E touch ${folder}/made
    DEPENDS algoctl ${script} ${PROJECT_SOURCE_DIR}/docs/architecture.md VERBATIM)
  install(DIRECTORY ${folder}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
  list(APPEND pages ${folder}/made)
endif()

add_custom_target(algoctl_pages ALL DEPENDS ${pages})
