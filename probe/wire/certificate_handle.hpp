// OpenSSL's objects as owners: freed once, by the function that belongs to them.
#pragma once

#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace plumb::wire {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using X509Handle = std::unique_ptr<X509, FreeWith<X509_free>>;
using X509StoreHandle = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using LibraryContextHandle = std::unique_ptr<OSSL_LIB_CTX, FreeWith<OSSL_LIB_CTX_free>>;
using X509StoreContextHandle = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, FreeWith<SSL_free>>;

struct FreeX509Stack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using X509StackHandle = std::unique_ptr<STACK_OF(X509), FreeX509Stack>;

}  // namespace plumb::wire
