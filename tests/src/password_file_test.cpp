#include "src/password_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using support::TemporaryDirectory;
using testing::HasSubstr;
using testing::Not;

std::string password(std::string_view content) {
  const TemporaryDirectory files;
  auto read = read_password_file(files.write("pw", content));
  if (const auto* error = std::get_if<std::string>(&read)) return "error: " + *error;
  return std::string(std::get<Secret>(read).reveal());
}

TEST(PasswordFile, OneLineEndIsNotPartOfIt) {
  EXPECT_EQ(password("secret"), "secret");
  EXPECT_EQ(password("secret\n"), "secret");
  EXPECT_EQ(password("secret\r\n"), "secret");
  EXPECT_EQ(password("secret\n\n"), "secret\n");
  EXPECT_EQ(password("secret\r"), "secret\r");
  EXPECT_EQ(password(" sec\tret \n"), " sec\tret ");
}

TEST(PasswordFile, WhatCannotBeAPasswordIsRefusedWithoutEcho) {
  EXPECT_THAT(password(""), HasSubstr("is empty"));
  EXPECT_THAT(password("\n"), HasSubstr("holds no password"));
  EXPECT_THAT(password(std::string("hunt\0er", 7)), HasSubstr("NUL"));
  EXPECT_THAT(password(std::string("hunt\0er", 7)), Not(HasSubstr("hunt")));
  EXPECT_EQ(password(std::string(4096, 'x')), std::string(4096, 'x'));
  EXPECT_EQ(password(std::string(4096, 'x') + "\r\n"), std::string(4096, 'x'));
  EXPECT_THAT(password(std::string(4097, 'x')), HasSubstr("longer than 4096"));
}

TEST(PasswordFile, MissingFileSaysWhyAndWhatToDo) {
  const TemporaryDirectory files;
  const auto read = read_password_file(files.path("none"));
  const auto* error = std::get_if<std::string>(&read);
  ASSERT_TRUE(error);
  EXPECT_THAT(*error, HasSubstr("No such file or directory"));
  EXPECT_THAT(*error, HasSubstr("--password-file"));
}

TEST(PasswordFile, DirectoryIsNoFile) {
  const auto read = read_password_file("/tmp");
  ASSERT_TRUE(std::holds_alternative<std::string>(read));
  EXPECT_THAT(std::get<std::string>(read), HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace plumb
