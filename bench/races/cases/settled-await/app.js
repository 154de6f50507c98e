const express = require('express');

// Loaded once; everybody awaits the same promise, which settled long ago.
const config = Promise.resolve({ max: 3, fee: 2 });

class Bank {
  balances = new Map([['ada', 5]]);

  async withdraw(name, amount) {
    const balance = this.balances.get(name);
    const { max, fee } = await config;
    if (amount > max) throw new Error('more than allowed at once');
    const left = await this.#charged(balance - amount, fee);
    if (left < 0) throw new Error('not enough money');
    this.balances.set(name, left);
    return left;
  }

  async #charged(amount, fee) {
    return amount - fee;
  }
}

const bank = new Bank();
const app = express();

app.post('/accounts/:name/withdraw/:amount', async (req, res) => {
  try {
    res.json({ balance: await bank.withdraw(req.params.name, Number(req.params.amount)) });
  } catch (error) {
    res.status(422).json({ error: error.message });
  }
});

app.get('/accounts/:name', (req, res) => res.json({ balance: bank.balances.get(req.params.name) }));

app.listen(process.env.PORT || 3000);
