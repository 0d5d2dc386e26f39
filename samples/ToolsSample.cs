using System.ComponentModel;
using ArchGen.Extensions.AI;
using Microsoft.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>A model that calls a function; its arguments follow the function's schema.</summary>
public static class ToolsSample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        var client = service.AsChatClient().AsBuilder().UseFunctionInvocation(configure: invoking => invoking.MaximumIterationsPerRequest = 2).Build();
        var options = new ChatOptions
        {
            MaxOutputTokens = 400,
            Temperature = 0,
            Tools = [AIFunctionFactory.Create(GetWeather, "get_weather")],
            ToolMode = ChatToolMode.RequireAny,
        };
        var response = await client.GetResponseAsync(text, options);
        foreach (var content in response.Messages.SelectMany(message => message.Contents))
        {
            if (content is FunctionCallContent call) output.WriteLine($"{call.Name}({string.Join(", ", call.Arguments!)})");
            if (content is FunctionResultContent result) output.WriteLine($"-> {result.Result}");
        }

        output.WriteLine(response.Text);

        [Description("Gets the weather.")]
        static string GetWeather([Description("The unit.")] Unit unit) => unit == Unit.Celsius ? "12 degrees, rain" : "54 degrees, rain";
    }

    /// <summary>A unit of temperature.</summary>
    public enum Unit
    {
        /// <summary>Degrees Celsius.</summary>
        Celsius,

        /// <summary>Degrees Fahrenheit.</summary>
        Fahrenheit,
    }
}
