"""The estate outside: data assets that other systems hold, as those systems tell of them."""
