# The root certificates inside the program, by the SHA-256 that Let's Encrypt publishes
# (letsencrypt.org/certificates). The build fails where a file holds another certificate.
add_executable(embed_roots cmake/embed_roots.cpp)
target_link_libraries(embed_roots PRIVATE OpenSSL::Crypto)

set(roots ${CMAKE_SOURCE_DIR}/probe/wire/roots)
set(embedded ${CMAKE_BINARY_DIR}/generated/roots.inc)
add_custom_command(OUTPUT ${embedded}
  COMMAND embed_roots ${embedded}
    isrg-root-x1 96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6 ${roots}/isrg-root-x1.pem
    isrg-root-x2 69729b8e15a86efc177a57afb7171dfc64add28c2fca8cf1507e34453ccb1470 ${roots}/isrg-root-x2.pem
  DEPENDS embed_roots ${roots}/isrg-root-x1.pem ${roots}/isrg-root-x2.pem VERBATIM)
target_sources(plumb_wire PRIVATE ${embedded})
