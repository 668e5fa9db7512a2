# Writes OUT: the text of each of FILES as a raw string, in order.
set(text "#include \"migrations.h\"\n\nnamespace algoctl {\n\n")
string(APPEND text "std::vector<std::string_view> sqlite_migrations() {\n  return {\n")
foreach(file ${FILES})
  file(READ ${file} sql)
  string(APPEND text "R\"SQL(${sql})SQL\",\n")
endforeach()
string(APPEND text "  };\n}\n\n}  // namespace algoctl\n")
file(WRITE ${OUT} "${text}")
