# What `cmake --install` puts under a prefix: the program, both libraries, their headers, and what
# find_package(algoctl) and pkg-config need to find them again, wherever the prefix was moved to.
include(CMakePackageConfigHelpers)

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/algoctl)
set(generated ${PROJECT_BINARY_DIR}/install)

install(TARGETS algoctl RUNTIME)
install(TARGETS algoctl_shared algoctl_static EXPORT algoctlTargets
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

foreach(page README.md CHANGELOG.md LICENSE)
  install(FILES ${PROJECT_SOURCE_DIR}/${page} DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
