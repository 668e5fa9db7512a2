# What `cmake --install` puts under a prefix: the program, both libraries, the module that speaks HTTP
# beside them, their headers, and what find_package(algoctl) and pkg-config need to find them again, wherever the prefix was moved to.
include(CMakePackageConfigHelpers)

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/algoctl)
set(generated ${PROJECT_BINARY_DIR}/install)

install(TARGETS algoctl RUNTIME)
install(TARGETS algoctl_shared algoctl_static algoctl_http_module EXPORT algoctlTargets
        LIBRARY ARCHIVE FILE_SET public_headers)
install(EXPORT algoctlTargets NAMESPACE algoctl:: DESTINATION ${config_folder})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/algoctlConfig.cmake.in
  ${generated}/algoctlConfig.cmake INSTALL_DESTINATION ${config_folder}
  NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor number may break callers.
write_basic_package_version_file(${generated}/algoctlConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/algoctlConfig.cmake ${generated}/algoctlConfigVersion.cmake
        DESTINATION ${config_folder})

file(RELATIVE_PATH ALGOCTL_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/algoctl.pc.in ${generated}/algoctl.pc @ONLY)
install(FILES ${generated}/algoctl.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The Python package, where Debian's python3 looks under /usr/local; without one, where others look.
find_program(ALGOCTL_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(ALGOCTL_PYTHON python3)
set(python_folder lib/python3/dist-packages)
if(ALGOCTL_PYTHON)
  execute_process(COMMAND ${ALGOCTL_PYTHON} -c "import sys; print('lib/python%d.%d/%s-packages' % (
sys.version_info[:2] + (any(p.endswith('dist-packages') for p in sys.path) and 'dist' or 'site',)))"
    OUTPUT_VARIABLE found RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(status EQUAL 0)
    set(python_folder ${found})
  endif()
endif()
set(ALGOCTL_PYTHON_DIR ${python_folder} CACHE STRING "Where the Python package goes, under the prefix")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/bindings/python/algoctl DESTINATION ${ALGOCTL_PYTHON_DIR}
        FILES_MATCHING PATTERN "*.py" PATTERN py.typed PATTERN __pycache__ EXCLUDE)

# The pages, and what they link to, laid out as here: so their links hold.
foreach(page README.md CHANGELOG.md CONTRIBUTING.md LICENSE)
  install(FILES ${PROJECT_SOURCE_DIR}/${page} DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/bindings/python/README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/bindings/python)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs ${PROJECT_SOURCE_DIR}/examples
        DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN __pycache__ EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/schema/json ${PROJECT_SOURCE_DIR}/schema/sqlite
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/schema)
