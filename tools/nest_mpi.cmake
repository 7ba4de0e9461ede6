# For `make peers-nest-mpi`: NEST's kernel is compiled in groups of sources, since most of the time goes into headers. Left
# alone are its models and the sources that repeat a header without guard.
cmake_language(DEFER CALL set_target_properties nestkernel PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 18)
cmake_language(DEFER CALL set_source_files_properties nestkernel/event.cpp nestkernel/node_manager.cpp DIRECTORY nestkernel PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
